"""The makers of `corpus/benign/lookalikes/`; `corpus/lookalikes.py` runs them."""
