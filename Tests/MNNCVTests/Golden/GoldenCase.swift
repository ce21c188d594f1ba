import Foundation
import MNNCV
import MNNExpr
import MNNGraph
import Testing

/// A number, a word or a list in the arguments of a case.
enum Argument: Decodable {
  case number(Double)
  case word(String)
  case list([Double])
  case none

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .none
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let word = try? value.decode(String.self) {
      self = .word(word)
    } else if let flag = try? value.decode(Bool.self) {
      self = .number(flag ? 1 : 0)
    } else {
      self = .list(try value.decode([Double].self))
    }
  }
}

/// Where an array lies among those of its type: type, start, shape.
struct Place: Decodable {
  var dtype: String
  var start: Int
  var shape: [Int] = []

  init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    dtype = try values.decode(String.self)
    start = try values.decode(Int.self)
    while !values.isAtEnd { shape.append(try values.decode(Int.self)) }
  }
}

/// What OpenCV gives for some inputs, written down by Scripts/golden/cv.
struct GoldenCase: Decodable {
  var function: String
  var group: String
  var inputPlaces: [Place]
  var arguments: [String: Argument]
  var outputPlaces: [Place]
  var tolerance: Double?

  enum CodingKeys: String, CodingKey {
    case function = "f"
    case group = "g"
    case inputPlaces = "i"
    case arguments = "a"
    case outputPlaces = "o"
    case tolerance = "t"
  }

  func number(_ name: String) -> Double? { if case .number(let x)? = arguments[name] { x } else { nil } }
  func integer(_ name: String) -> Int? { number(name).map { Int($0) } }
  func word(_ name: String) -> String? { if case .word(let x)? = arguments[name] { x } else { nil } }
  func list(_ name: String) -> [Double]? { if case .list(let x)? = arguments[name] { x } else { nil } }
  func pair(_ name: String) throws -> (Int, Int) {
    let values = try #require(list(name))
    return (Int(values[0]), Int(values[1]))
  }
  func point(_ name: String) throws -> (Double, Double) {
    let values = try #require(list(name))
    return (values[0], values[1])
  }
  /// The case of an enumeration under its own name.
  func choice<T: CaseIterable>(_ name: String, _ type: T.Type = T.self) throws -> T {
    let wanted = try #require(word(name))
    return try #require(T.allCases.first { "\($0)" == wanted }, "\(wanted)")
  }
}

/// All cases and their arrays.
struct GoldenBook: Sendable {
  let cases: [GoldenCase]
  private let arrays: [String: Tensor]

  static let shared = try? GoldenBook()

  init() throws {
    cases = try JSONDecoder().decode(
      [GoldenCase].self, from: Data(contentsOf: URL(fileURLWithPath: "\(ImreadTests.data)/cases.json")))
    let archive = try NPZArchive(contentsOf: "\(ImreadTests.data)/arrays.npz")
    arrays = try Dictionary(uniqueKeysWithValues: archive.names.map { ($0, try archive.tensor(named: $0)) })
  }

  func tensor(_ place: Place) throws -> Tensor {
    let all = try #require(arrays[place.dtype])
    let size = all.dtype.byteCount
    let count = place.shape.reduce(1, *)
    return try Tensor(dtype: all.dtype, shape: place.shape) { target in
      all.withUnsafeBytes {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[place.start * size..<(place.start + count) * size]))
      }
    }
  }
}
