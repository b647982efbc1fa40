"""State: typed rows and queries; rows never leave the store and the use cases."""
