"""Papers to keep and to print: tagged PDFs in the look of the programme, set by typst."""
