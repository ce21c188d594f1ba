import MNNExpr
import MNNGraph
import MNNNumpy

/// A call of a public function.
struct Call: Sendable {
  let name: String
  /// Which arguments can be extreme.
  let places: [Int]
  let make: @Sendable (Arguments) throws -> Void

  init(_ name: String, _ places: [Int], _ make: @escaping @Sendable (Arguments) throws -> Void) {
    self.name = name
    self.places = places
    self.make = make
  }
}

/// What a call is given: ordinary values but for some places.
struct Arguments: CustomStringConvertible {
  /// Which arrays, lists and cases are taken where nothing is extreme.
  var variant: Int
  /// Which extreme stands at a place.
  var extremes: [Int: Int] = [:]

  static let integers = [Int.min, Int.max, -1, 0, 1 << 31, 1 << 58, -(1 << 31) - 1, Int.min + 1, 1 << 62, 65536]
  static let floats = [Double.nan, .infinity, -.infinity, 1e300, -1e300, 0, -1, .leastNonzeroMagnitude, 0x1p63, -1e9]

  /// Arrays of the forms that functions take: vectors, matrices, pictures, points, batches of pictures.
  private static func array(_ variant: Int) -> Variable {
    switch variant % 9 {
    case 0: np.arange(12, dtype: .float32).reshape([3, 4])
    case 1: np.arange(6, dtype: .int64)
    case 2: np.arange(8 * 9 * 3, dtype: .uint8).reshape([8, 9, 3])
    case 3: np.arange(72, dtype: .uint8).reshape([8, 9])
    case 4: np.arange(144, dtype: .float32).reshape([1, 4, 6, 6])
    case 5: np.array([[1.0, 2], [5, 3], [4, 7], [0, 6], [2, 2]] as Variable)
    case 6: np.array([[2.0, 0, 1], [0, 3, 1], [0, 0, 1]] as Variable)
    case 7: np.zeros([0, 3])
    default: np.array(3, dtype: .int32)
    }
  }

  func int(_ place: Int, _ usual: Int) -> Int {
    extremes[place].map { Arguments.integers[$0 % Arguments.integers.count] } ?? usual
  }
  /// The second of two numbers at one place.
  func other(_ place: Int, _ usual: Int) -> Int {
    extremes[place].map { $0 % 3 == 0 ? usual : Arguments.integers[($0 * 7 + 1) % Arguments.integers.count] } ?? usual
  }
  func optionalInt(_ place: Int) -> Int? { extremes[place] == nil ? nil : int(place, 0) }
  func double(_ place: Int, _ usual: Double) -> Double {
    extremes[place].map { Arguments.floats[$0 % Arguments.floats.count] } ?? usual
  }
  func optionalDouble(_ place: Int) -> Double? { extremes[place] == nil ? nil : double(place, 0) }
  func seed(_ place: Int) -> UInt64 { UInt64(bitPattern: Int64(int(place, 1))) }
  func ints(_ place: Int) -> [Int] {
    var list = [[1], [2, 2], [0, 1], [1, 4, 6, 6]][variant % 4]
    if let extreme = extremes[place] {
      list[extreme % list.count] = int(place, 1)
      if extreme % 5 == 4 { list = [Int](repeating: int(place, 1), count: extreme % 7) }
    }
    return list
  }
  func optionalInts(_ place: Int) -> [Int]? { extremes[place] == nil ? nil : ints(place) }
  func pairs(_ place: Int) -> [[Int]] {
    variant % 2 == 0 ? [[int(place, 1), other(place, 1)]] : [[0, 0], [0, 0], [1, other(place, 1)], [int(place, 1), 1]]
  }
  func doubles(_ place: Int) -> [Double] { [1, double(place, 2), 3, 4] }
  func variable(_ place: Int) -> Variable {
    guard let extreme = extremes[place] else {
      // Beside an array there is another, or a number.
      return place > 1 && variant % 2 == 1 ? 2 : Arguments.array(variant / 2)
    }
    switch extreme % 6 {
    case 0, 1: return Variable(scalar: Int64(int(place, 0)))
    case 2: return Variable(scalar: double(place, 0))
    case 3: return np.array([[double(place, 0), 1], [double(place + 1, 2), double(place, 0)], [3, 4]] as [[Double]])
    case 4: return np.array([Int64(int(place, 0)), 1, Int64(other(place, 3)), 2] as [Int64])
    default: return Arguments.array(extreme)
    }
  }
  func optionalVariable(_ place: Int) -> Variable? { extremes[place] == nil && variant % 3 > 0 ? nil : variable(place) }
  func flag(_ place: Int) -> Bool { (variant + place + (extremes[place] ?? 0)) % 2 == 0 }
  func dtype(_ place: Int) -> DType { pick(place) }
  func optionalDType(_ place: Int) -> DType? { extremes[place] == nil ? nil : dtype(place) }
  func text(_ place: Int) -> String { ["ij,jk->ik", "abc", "", "xy", "ii"][(variant + (extremes[place] ?? 0)) % 5] }
  /// One of the cases of an enumeration.
  func pick<T: CaseIterable>(_ place: Int) -> T {
    let all = Array(T.allCases)
    return all[(variant + (extremes[place] ?? 0)) % all.count]
  }

  var description: String { "variant \(variant), extremes \(extremes.sorted { $0.key < $1.key })" }
}

/// Computes every variable within a result.
func look(_ results: Any...) {
  for result in results {
    if let variable = result as? Variable {
      _ = try? variable.tensor()
    } else {
      for child in Mirror(reflecting: result).children { look(child.value) }
    }
  }
}
