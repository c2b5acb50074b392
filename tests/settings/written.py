"""Good values that the tests of settings write."""

import base64

# Fixed, not fresh: test ids are made of it, and must be the same in every worker.
KEY = base64.urlsafe_b64encode(b"thirty-two bytes that nobody has").decode()
TOKEN = "123456:AAE-madeUpTokenOfNobody_0123456789abcd"
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
ENOUGH = {
    "PAILOT_TELEGRAM__TOKEN": TOKEN,
    "PAILOT_OPENPAI__URL": "http://pai.example.edu",
    "PAILOT_SECRETS__KEYS": KEY,
}
STORAGE = {"PAILOT_STORAGE__HOST": "storage.example.edu", "PAILOT_STORAGE__HOST_KEY": HOST_KEY}
