/// numpy's functions, under numpy's names in lowerCamelCase.
// swift-format-ignore: TypeNamesShouldBeCapitalized
public enum np {}
