"""The infrastructure in Azure as Bicep, and the files that are generated from the code."""
