@description('The stamp and its environment, such as emea-prod.')
param name string

@description('What may be spent in a month.')
param amount int

@description('The first day of the first month.')
param start string

@description('Who is told.')
param email string

resource budget 'Microsoft.Consumption/budgets@2021-10-01' = {
  name: 'budget-${name}'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: start }
    notifications: {
      forecast: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: [email]
      }
      spent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: [email]
      }
    }
  }
}
