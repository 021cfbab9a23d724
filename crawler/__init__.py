"""When and from where: sources, feeds, spiders, the command line. Everything that touches the network."""
