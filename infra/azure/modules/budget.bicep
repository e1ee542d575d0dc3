// The monthly budget: above it Azure sends an e-mail, and stops no resource.
// Runbook: infra/runbooks.md#the-month-costs-more-than-planned

param name string

@description('In the currency of the subscription.')
@minValue(1)
param amount int

@description('First day of the month of the first deployment, yyyy-MM-01. Azure refuses to change it later.')
@minLength(10)
@maxLength(10)
param startDate string
param actionGroupId string
param contactEmail string

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: startDate
    }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: [contactEmail]
        contactGroups: [actionGroupId]
      }
      foreseen: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: [contactEmail]
        contactGroups: [actionGroupId]
      }
    }
  }
}
