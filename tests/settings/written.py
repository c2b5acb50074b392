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
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBcDCCARegAwIBAgIUckL70zP5e8Fj7QzllyLko924wn4wCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCY2EwIBcNMjYxMTI3MjE0MzQ4WhgPMjEyNjExMDMyMTQzNDha
MA0xCzAJBgNVBAMMAmNhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERUaS76pk
/a7oT6hBL789K6aI3Y5R4dAs70nnH4DfmaD3ibd/1odst8EyKc/eLp8gm4e9jhHa
9M8LvnT+loEY7qNTMFEwHQYDVR0OBBYEFBkqRtXMM6Hek8fPCgdr+A3LxCB2MB8G
A1UdIwQYMBaAFBkqRtXMM6Hek8fPCgdr+A3LxCB2MA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDRwAwRAIgTT4MGg7jMiSYIkac39GZj0B+nXHAcZQEO6/MXT2W
sboCIHVr7sxgKv5CRwqdxhX/i+sS+YKV4abDk95zHe86GgA7
-----END CERTIFICATE-----
"""
"""Its key was thrown away."""
