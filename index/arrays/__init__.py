"""Arrays in files: mapped, checked block by block, sealed."""
