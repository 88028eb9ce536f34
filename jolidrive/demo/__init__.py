"""A small real cloud on the loopback address, and the world inside it.

`cloud.DemoCloud` is the server, `world.World` what it holds, `browser.HeadlessBrowser` the
person at the consent page. This is the only folder outside `net` that may open sockets: it
listens on 127.0.0.1, it never connects anywhere else.
"""
