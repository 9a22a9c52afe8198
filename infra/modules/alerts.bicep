import { alertRule, tagSet } from '../types.bicep'

@description('The stamp and its environment, such as emea-prod.')
param name string

@description('The Azure region.')
param location string

@description('The tags.')
param tags tagSet

@description('Who is told.')
param email string

@description('Where the runbooks are read.')
param runbooks string

@description('Application Insights.')
param insightsId string

@description('The storage accounts.')
param storageIds string[]

// What the service counts reaches customMetrics: the values of a minute are added up to one row.
@description('The alerts. Each has a heading of its name in docs/operations.md.')
param rules alertRule[] = [
  {
    name: 'poison-messages'
    means: 'A message failed five times: part of an export was given up.'
    severity: 1
    query: 'union (traces | where message startswith "Message has reached MaxDequeueCount" | project value = 1.0), (customMetrics | where name == "queue.messages" | where tostring(customDimensions.queue) endswith "-poison" | project value = valueMax) | summarize value = max(value)'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'stalled-exports'
    means: 'Exports stand still although they are revived.'
    severity: 1
    query: 'customMetrics | where name == "exports.stalled" | summarize value = min(valueMin)'
    threshold: 0
    window: 'PT30M'
  }
  {
    name: 'failed-records'
    means: 'More than a tenth of the records failed.'
    severity: 2
    query: 'customMetrics | where name == "exports.records" | summarize failed = sumif(valueSum, tostring(customDimensions.outcome) == "failed"), every = sum(valueSum) | project value = iff(every >= 200, 100.0 * failed / every, 0.0)'
    threshold: 10
    window: 'PT1H'
  }
  {
    name: 'connections-need-attention'
    means: 'Customers have to connect to Dynamics again: their stored sign-ins are refused.'
    severity: 2
    query: 'customMetrics | where name == "connections.need_attention" | summarize value = max(valueMax)'
    threshold: 10
    window: 'PT1H'
  }
  {
    name: 'server-errors'
    means: 'More than one answer in a hundred is a server error.'
    severity: 1
    query: 'requests | where name !has "/health" | summarize wrong = countif(toint(resultCode) >= 500), every = count() | project value = iff(every >= 20, 100.0 * wrong / every, 0.0)'
    threshold: 1
    window: 'PT15M'
  }
  {
    name: 'slow-answers'
    means: 'One answer of the API in twenty takes longer than two seconds.'
    severity: 2
    query: 'requests | where isnotempty(resultCode) and resultCode != "0" | summarize value = percentile(duration, 95)'
    threshold: 2000
    window: 'PT15M'
  }
  {
    name: 'throttling'
    means: 'Dynamics asks us to wait more often than exports of this size explain.'
    severity: 3
    query: 'customMetrics | where name == "dataverse.throttled" | summarize value = sum(valueSum)'
    threshold: 1000
    window: 'PT15M'
  }
  {
    name: 'queue-age'
    means: 'Work waits for more than fifteen minutes before anybody begins with it.'
    severity: 2
    query: 'customMetrics | where name == "queue.age_seconds" | where tostring(customDimensions.queue) !endswith "-poison" | summarize value = max(valueMax)'
    threshold: 900
    window: 'PT15M'
  }
]

resource told 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: take('dx-${name}', 12)
    enabled: true
    emailReceivers: [{ name: 'on-call', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource alert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: 'alert-${name}-${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: rule.name
    description: '${rule.means} What to do: ${runbooks}#${rule.name}'
    enabled: true
    severity: rule.severity
    scopes: [insightsId]
    evaluationFrequency: 'PT5M'
    windowSize: rule.window
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: rule.query
          metricMeasureColumn: 'value'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: rule.threshold
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: {
      actionGroups: [told.id]
      customProperties: { runbook: '${runbooks}#${rule.name}' }
    }
  }
}]

// The metric of storage itself, because nothing of ours is written where storage does not answer.
resource storage 'Microsoft.Insights/metricAlerts@2018-03-01' = [for (id, i) in storageIds: {
  name: 'alert-${name}-storage-${i}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Storage answers less than 99 requests in a hundred. What to do: ${runbooks}#server-errors'
    enabled: true
    severity: 1
    scopes: [id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'availability'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Storage/storageAccounts'
          metricName: 'Availability'
          operator: 'LessThan'
          threshold: 99
          timeAggregation: 'Average'
        }
      ]
    }
    actions: [{ actionGroupId: told.id }]
  }
}]
