"""From texts to vectors: the encoder, in a process of its own, and centring."""
