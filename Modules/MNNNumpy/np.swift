public import MNNGraph

/// numpy's functions, under numpy's names in lowerCamelCase, on ``Variable``.
///
/// Functions compute at once and follow numpy 2 in shapes, types and values. They do not throw: what goes wrong is kept in the
/// result and thrown when it is read. Numbers written in the source (`np.maximum(x, 0)`) take the type of the array beside them;
/// by themselves they make float32 and int32 arrays.
// swift-format-ignore: TypeNamesShouldBeCapitalized
public enum np {
  public static let bool = DType.bool
  public static let int8 = DType.int8
  public static let uint8 = DType.uint8
  public static let int16 = DType.int16
  public static let uint16 = DType.uint16
  public static let int32 = DType.int32
  public static let uint32 = DType.uint32
  public static let int64 = DType.int64
  public static let uint64 = DType.uint64
  public static let float16 = DType.float16
  public static let float32 = DType.float32
  public static let float64 = DType.float64

  public static let pi = Double.pi
  public static let e = 2.718281828459045
  public static let inf = Double.infinity
  public static let nan = Double.nan
}
