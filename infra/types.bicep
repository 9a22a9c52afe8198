// The types that several files share.

@export()
@description('The tags of every resource.')
type tagSet = {
  @description('What the resource belongs to.')
  application: 'dynamics-export'

  @description('The region in our own words, such as emea.')
  stamp: string

  @description('Which of several installations of a region it is, such as prod.')
  environment: string

  @description('Whose data it may hold: the strictest kind.')
  data: 'customer' | 'operational'
}

@export()
@description('Where function code runs: Flex Consumption, or Elastic Premium where the cloud lacks it.')
type hostingPlan = 'flex' | 'premium'

@export()
@description('How many instances there are, and how large they are.')
type scale = {
  @description('The most instances that may run at a time. Flex Consumption takes 40 to 1000, Elastic Premium 1 to 100.')
  @minValue(1)
  @maxValue(1000)
  mostInstances: int

  @description('Memory of an instance in MB, on Flex Consumption.')
  memory: 512 | 2048 | 4096

  @description('Instances that are always ready for HTTP; none makes the first answer after a quiet time slow.')
  @minValue(0)
  @maxValue(20)
  readyInstances: int
}

@export()
@description('Who issues the tokens of the callers: the product in which the portal is shown.')
type callerTokens = {
  @description('The issuer, as it stands in the tokens.')
  issuer: string

  @description('The audience, as it stands in the tokens.')
  audience: string

  @description('The address of the issuer\'s keys (a JSON Web Key Set).')
  keysUrl: string
}

@export()
@description('How much one tenant and one user may do.')
type limits = {
  @description('Requests of a tenant in a minute.')
  @minValue(1)
  requestsPerMinute: int

  @description('Requests of a user in a minute.')
  @minValue(1)
  userRequestsPerMinute: int

  @description('Exports of a tenant that run at a time.')
  @minValue(1)
  @maxValue(1000)
  runningExports: int

  @description('Exports of a user that run at a time.')
  @minValue(1)
  @maxValue(1000)
  userRunningExports: int

  @description('Records of a tenant in a day.')
  @minValue(1)
  recordsPerDay: int
}

@export()
@description('How exports run.')
type exportRules = {
  @description('Records in a chunk.')
  @minValue(1)
  @maxValue(1000)
  chunkSize: int

  @description('Chunks of one export that are written at a time.')
  @minValue(1)
  @maxValue(64)
  window: int

  @description('Seconds for which a worker owns a chunk.')
  @minValue(1)
  @maxValue(3600)
  leaseSeconds: int

  @description('Seconds that one call of Dynamics or Entra ID may take.')
  @minValue(1)
  @maxValue(230)
  httpReadSeconds: int

  @description('Days for which ended exports and their files are kept.')
  @minValue(1)
  @maxValue(3650)
  retentionDays: int

  @description('When exports that stand still are revived: second minute hour day month weekday.')
  reviveSchedule: string

  @description('When queues and exports are counted for the alerts: second minute hour day month weekday.')
  watchSchedule: string

  @description('When old exports are forgotten: second minute hour day month weekday.')
  retentionSchedule: string
}

@export()
@description('The identity of the function app.')
type appIdentity = {
  @description('Its resource.')
  id: string

  @description('By which roles are assigned.')
  principalId: string

  @description('By which code names it.')
  clientId: string
}

@export()
@description('The private network, where there is one.')
type privateNetwork = {
  @description('The network.')
  id: string

  @description('Where the function app goes out.')
  appSubnetId: string

  @description('Where the private endpoints are.')
  endpointSubnetId: string
}

@export()
@description('An alert on a query of Application Insights. The query has a column named value.')
type alertRule = {
  @description('The name, which is also the heading of its runbook in docs/operations.md.')
  name: 'poison-messages' | 'stalled-exports' | 'failed-records' | 'connections-need-attention' | 'server-errors' | 'slow-answers' | 'throttling' | 'queue-age'

  @description('What it means, in one sentence.')
  means: string

  @description('0 is critical, 1 an error, 2 a warning, 3 information.')
  severity: 0 | 1 | 2 | 3

  @description('The query; one row with a column named value.')
  query: string

  @description('The value above which it fires.')
  threshold: int

  @description('Over which time the query looks, as an ISO 8601 duration.')
  window: 'PT5M' | 'PT15M' | 'PT30M' | 'PT1H'
}
