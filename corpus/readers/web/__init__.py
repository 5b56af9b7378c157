"""What comes over the web and by mail: feeds, messages, saved pages and archives of them."""
