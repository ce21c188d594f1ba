/// One whole number or several: a shape, an axis or axes, repeats.
public protocol IntegerList {
  var integers: [Int] { get }
}

extension Int: IntegerList {
  public var integers: [Int] { [self] }
}

extension Array: IntegerList where Element == Int {
  public var integers: [Int] { self }
}

extension Range: IntegerList where Bound == Int {
  public var integers: [Int] { map { $0 } }
}
