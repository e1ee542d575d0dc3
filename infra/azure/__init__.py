"""The infrastructure in Azure as Bicep, and the files that follow from the code."""
