"""The one place for the network: every byte out goes through here."""
