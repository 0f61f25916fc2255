"""Who could go where. Staff decide; this lists the arguments, each reason in words."""
