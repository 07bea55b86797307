"""What the inventory service knows; Chalice packs this folder beside app.py."""
