"""Who could go where: the staff decide, and these argue, each reason said in words."""
