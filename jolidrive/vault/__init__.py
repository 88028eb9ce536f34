"""The one place for secrets: keys in the keyring, what they seal in the account's folder."""
