"""What quotes claim: the short form of an answer, and where quotes agree or disagree."""
