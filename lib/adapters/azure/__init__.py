"""The ports on Azure Cosmos DB, Storage Queues and Blobs, or on their emulators."""
