"""How an instructor's new notes go live: unpacked, checked, published whole, taken back."""
