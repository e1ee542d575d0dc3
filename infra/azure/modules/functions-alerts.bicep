// The alerts on the app: on its own metrics, and on a test from outside.
//
// Storage measures all its queues together and hourly, so the alerts on single queues use the app's
// own metrics. Histograms reach Azure Monitor as sum, count, minimum and maximum, without buckets, so
// the rules use means: there are no percentiles. Metrics arrive a minute or two late, and instances
// export at different moments, so every window is much longer than that.

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string
param workspaceId string
param insightsId string
param actionGroupId string

@description('The host name that callers use: that of the app, or of the gateway in front of it.')
param hostName string
param withAvailabilityTest bool

@description('Locations that request the API, and the interval in seconds: 300, 600 or 900.')
param availabilityLocations array
param availabilitySeconds int

@description('Evaluates alerts every 15 minutes, over windows twice as long, at a third of the price.')
param quarterHourly bool

@description('queueWaitSeconds: mean wait in one queue. failedPercent: of requests, with a 5xx. putBackItems: in 15 minutes. reminderLagSeconds: of the latest reminder.')
param thresholds object

var alerts = [
  {
    name: 'dead-letters'
    title: 'Items could not be processed'
    description: 'An item failed five times and is kept as a dead letter: a message is FAILED, or a notification was not sent. Or overdue messages are queued again, or a clock is wrong. Runbook: infra/runbooks.md#items-could-not-be-processed'
    severity: 1
    query: 'AppMetrics | where Name in ("recapito.dead_letters", "recapito.swept", "recapito.schedule_set_back") | summarize Value = sum(Sum)'
    threshold: 0
    windowSize: quarterHourly ? 'PT30M' : 'PT15M'
    frequency: quarterHourly ? 'PT15M' : 'PT5M'
  }
  {
    name: 'queue-wait'
    title: 'Queues are slow'
    description: 'Items of a queue wait longer than they should. Runbook: infra/runbooks.md#queues-are-slow'
    severity: 2
    query: 'AppMetrics | where Name == "recapito.queue_wait" | summarize Value = sum(Sum) / sum(ItemCount) by Queue = tostring(Properties["queue"]) | summarize Value = max(Value)'
    threshold: thresholds.queueWaitSeconds
    windowSize: quarterHourly ? 'PT30M' : 'PT15M'
    frequency: quarterHourly ? 'PT15M' : 'PT5M'
  }
  {
    // A queue without a consumer measures no wait, so this rule compares accepted and settled messages.
    // It counts messages accepted from 50 to 15 minutes ago, and messages settled in the whole hour.
    // So it also counts settlements that another instance measured, or that arrived late.
    // Requests alone write SCHEDULED, HELD and WITHDRAWN, also where no queue function runs.
    name: 'stalled'
    title: 'Messages are accepted and go nowhere'
    description: 'Messages were accepted more than a quarter of an hour ago, and in an hour none was processed, rejected or failed. Runbook: infra/runbooks.md#messages-are-accepted-and-go-nowhere'
    severity: 0
    query: 'AppMetrics | where Name == "recapito.messages" | extend Status = toupper(tostring(Properties["status"])) | summarize Accepted = sumif(Sum, Status == "ACCEPTED" and TimeGenerated between (ago(50m) .. ago(15m))), Settled = sumif(Sum, Status in ("PROCESSED", "REJECTED", "FAILED")) | where Settled == 0 | project Value = Accepted'
    threshold: 0
    windowSize: 'PT1H'
    frequency: quarterHourly ? 'PT15M' : 'PT10M'
  }
  {
    name: 'put-back'
    title: 'Items are put back'
    description: 'A service that the app needs is not available: its items wait and are tried again, and nothing is lost. Runbook: infra/runbooks.md#items-are-put-back'
    severity: 2
    query: 'AppMetrics | where Name == "recapito.requeued" | summarize Value = sum(Sum)'
    threshold: thresholds.putBackItems
    windowSize: quarterHourly ? 'PT30M' : 'PT15M'
    frequency: quarterHourly ? 'PT15M' : 'PT5M'
  }
  {
    name: 'http-5xx'
    title: 'Requests fail'
    description: 'Too many requests end in a 5xx. Runbook: infra/runbooks.md#requests-fail'
    severity: 1
    query: 'AppRequests | where isnotempty(Url) | summarize Failed = sumif(ItemCount, toint(ResultCode) >= 500), All = sum(ItemCount) | where All >= 50 | project Value = 100.0 * Failed / All'
    threshold: thresholds.failedPercent
    windowSize: quarterHourly ? 'PT30M' : 'PT15M'
    frequency: quarterHourly ? 'PT15M' : 'PT5M'
  }
  {
    // A tick is measured even when nothing is due. If there is none in half an hour, although the app
    // has sent other metrics for longer than that, the rule assumes the largest lag.
    name: 'reminder-lag'
    title: 'Reminders are late'
    description: 'Reminders are sent too late, or the timer of the schedule does not run. Runbook: infra/runbooks.md#reminders-are-late'
    severity: 2
    query: 'AppMetrics | where Name startswith "recapito." | summarize Lag = maxif(Max, Name == "recapito.reminder_lag"), Ticks = countif(Name == "recapito.schedule_dispatched"), Since = min(TimeGenerated) | project Value = iff(Ticks == 0 and Since < ago(25m), 1000000.0, coalesce(Lag, 0.0))'
    threshold: thresholds.reminderLagSeconds
    windowSize: 'PT30M'
    frequency: quarterHourly ? 'PT15M' : 'PT10M'
  }
]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in alerts: {
  name: '${name}-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: alert.title
    description: alert.description
    severity: alert.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: alert.frequency
    windowSize: alert.windowSize
    autoMitigate: true
    // A new workspace may not have the table yet.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: alert.query
          timeAggregation: 'Maximum'
          metricMeasureColumn: 'Value'
          operator: 'GreaterThan'
          threshold: alert.threshold
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [actionGroupId]
    }
  }
}]

// The OpenAPI document is public, needs no store, and fails when the app does not start.
resource look 'Microsoft.Insights/webtests@2022-06-15' = if (withAvailabilityTest) {
  name: '${name}-availability'
  location: location
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    Name: '${name}-availability'
    SyntheticMonitorId: '${name}-availability'
    Kind: 'standard'
    Enabled: true
    Frequency: availabilitySeconds
    Timeout: 30
    RetryEnabled: true
    Locations: [for place in availabilityLocations: {
      Id: place
    }]
    Request: {
      RequestUrl: 'https://${hostName}/openapi.json'
      HttpVerb: 'GET'
      FollowRedirects: false
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 14
    }
  }
}

resource unreachable 'Microsoft.Insights/metricAlerts@2018-03-01' = if (withAvailabilityTest) {
  name: '${name}-unreachable'
  location: 'global'
  tags: tags
  properties: {
    description: 'At least two places of the test, or its only one, cannot reach the app. Runbook: infra/runbooks.md#the-app-is-not-reachable'
    severity: 0
    enabled: true
    scopes: [insightsId, look.id]
    evaluationFrequency: 'PT1M'
    windowSize: availabilitySeconds > 300 ? 'PT30M' : 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      componentId: insightsId
      webTestId: look.id
      failedLocationCount: min(2, length(availabilityLocations))
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}
