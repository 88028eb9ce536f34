"""WebDAV: files of any server that speaks it, Nextcloud and ownCloud included."""
