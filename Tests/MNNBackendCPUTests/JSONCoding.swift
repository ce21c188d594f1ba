import Foundation

/// JSON with infinite numbers as words, as operators are written to files.
enum JSONCoding {
  static func decode<T: Decodable>(_: T.Type, _ text: String) throws -> T {
    try decoder().decode(T.self, from: Data(text.utf8))
  }

  static func roundTrip<T: Codable>(_ value: T) throws -> T {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder().decode(T.self, from: encoder.encode(value))
  }

  private static func decoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
