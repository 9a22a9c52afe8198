targetScope = 'subscription'

@description('The region in our own words, such as emea.')
@minLength(2)
@maxLength(8)
param stamp string

@description('Which of several installations of the region it is, such as prod.')
@minLength(2)
@maxLength(6)
param environmentName string

@description('The host name under which the API is reached from outside, where that is not the function app\'s own.')
param publicHost string

// Storage accounts, vaults and function apps share one namespace with the whole world, hence the mark of the subscription.
var mark = take(uniqueString(subscription().subscriptionId, stamp, environmentName), 6)
var short = '${stamp}${environmentName}'
var site = 'func-${stamp}-${environmentName}-${mark}'
var siteSuffixes = {
  AzureCloud: 'azurewebsites.net'
  AzureUSGovernment: 'azurewebsites.us'
  AzureChinaCloud: 'chinacloudsites.cn'
}
var siteHost = '${site}.${siteSuffixes[environment().name]}'

@description('The function app.')
output site string = site

@description('The storage account of the functions host: its leases, its queues and the package.')
output hostStorage string = 'dx${short}h${mark}'

@description('The storage account of the customers\' data: tables and blobs.')
output dataStorage string = 'dx${short}d${mark}'

@description('The vault with the wrapping key.')
output vault string = 'kv${short}${mark}'

@description('The address of the API, which ends in /api.')
output apiUrl string = 'https://${empty(publicHost) ? siteHost : publicHost}/api'
