"""The ports on Azure Cosmos DB, Storage Queues and Blobs; emulators are the same at loopback."""
