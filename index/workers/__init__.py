"""Reading, cutting and encoding on several processes or machines: what is made does not depend on how many there are."""
