"""What `corpus/secrets.py` is made of."""
