"""PDFs to keep and to print: tagged, in the look of the programme, typeset by typst."""
