// `x[0] += i` could also be a sum of two `Int`, as a number can be assigned to `x[0]`: the compiler prefers that to a generic
// operator, and then finds that a number cannot be read from `x[0]`. It takes these.
extension Variable {
  public static func += (a: inout Variable, b: Int) { a += b.asVariable }
  public static func -= (a: inout Variable, b: Int) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: Int) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: Int) { a /= b.asVariable }
  public static func %= (a: inout Variable, b: Int) { a %= b.asVariable }

  public static func += (a: inout Variable, b: UInt) { a += b.asVariable }
  public static func -= (a: inout Variable, b: UInt) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: UInt) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: UInt) { a /= b.asVariable }
  public static func %= (a: inout Variable, b: UInt) { a %= b.asVariable }

  public static func += (a: inout Variable, b: Int8) { a += b.asVariable }
  public static func -= (a: inout Variable, b: Int8) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: Int8) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: Int8) { a /= b.asVariable }
  public static func %= (a: inout Variable, b: Int8) { a %= b.asVariable }

  public static func += (a: inout Variable, b: UInt8) { a += b.asVariable }
  public static func -= (a: inout Variable, b: UInt8) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: UInt8) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: UInt8) { a /= b.asVariable }
  public static func %= (a: inout Variable, b: UInt8) { a %= b.asVariable }

  public static func += (a: inout Variable, b: Int16) { a += b.asVariable }
  public static func -= (a: inout Variable, b: Int16) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: Int16) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: Int16) { a /= b.asVariable }
  public static func %= (a: inout Variable, b: Int16) { a %= b.asVariable }

  public static func += (a: inout Variable, b: UInt16) { a += b.asVariable }
  public static func -= (a: inout Variable, b: UInt16) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: UInt16) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: UInt16) { a /= b.asVariable }
  public static func %= (a: inout Variable, b: UInt16) { a %= b.asVariable }

  public static func += (a: inout Variable, b: Int32) { a += b.asVariable }
  public static func -= (a: inout Variable, b: Int32) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: Int32) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: Int32) { a /= b.asVariable }
  public static func %= (a: inout Variable, b: Int32) { a %= b.asVariable }

  public static func += (a: inout Variable, b: UInt32) { a += b.asVariable }
  public static func -= (a: inout Variable, b: UInt32) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: UInt32) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: UInt32) { a /= b.asVariable }
  public static func %= (a: inout Variable, b: UInt32) { a %= b.asVariable }

  public static func += (a: inout Variable, b: Int64) { a += b.asVariable }
  public static func -= (a: inout Variable, b: Int64) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: Int64) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: Int64) { a /= b.asVariable }
  public static func %= (a: inout Variable, b: Int64) { a %= b.asVariable }

  public static func += (a: inout Variable, b: UInt64) { a += b.asVariable }
  public static func -= (a: inout Variable, b: UInt64) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: UInt64) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: UInt64) { a /= b.asVariable }
  public static func %= (a: inout Variable, b: UInt64) { a %= b.asVariable }

  public static func += (a: inout Variable, b: Float) { a += b.asVariable }
  public static func -= (a: inout Variable, b: Float) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: Float) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: Float) { a /= b.asVariable }

  public static func += (a: inout Variable, b: Double) { a += b.asVariable }
  public static func -= (a: inout Variable, b: Double) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: Double) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: Double) { a /= b.asVariable }
}
