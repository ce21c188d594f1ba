internal import CFlatBuffers

/// The names of the `.mnn` format: its tables and enums (generated), in the spelling of the format itself.
package enum Wire {}

/// Which table of the format.
package struct WireTableKind: Hashable, Sendable {
  package let index: Int
  package var name: String { WireSchema.shared.tables[index].name }
  var fields: [WireField] { WireSchema.shared.tables[index].fields }
}

/// An enum of the format. Values that the schema does not name are kept, as files of later versions hold them.
package protocol WireEnum: RawRepresentable, Hashable, Sendable, CustomStringConvertible
where RawValue: FixedWidthInteger & Sendable {
  static var name: String { get }
  init(rawValue: RawValue)
}

extension WireEnum {
  /// The name in the format; the number if it has none.
  package var description: String {
    WireSchema.shared.enumsByName[Self.name]?.names[Int64(rawValue)] ?? "\(rawValue)"
  }

  package init?(name: String) {
    guard let value = WireSchema.shared.enumsByName[Self.name]?.values[name],
      let raw = RawValue(exactly: value)
    else { return nil }
    self.init(rawValue: raw)
  }

  /// Whether the schema names the value.
  package var isKnown: Bool { WireSchema.shared.enumsByName[Self.name]?.names[Int64(rawValue)] != nil }
}

struct WireField: Sendable {
  enum Content: Sendable, Equatable {
    case scalar
    case enumeration(Int)
    case string
    case table(WireTableKind)
    /// The id of the union in the next slot.
    case unionType
    /// A table whose kind the slot before says.
    case union
  }

  let name: String
  let content: Content
  /// The width of a scalar or enum; `nil` for what is stored behind an offset.
  let scalar: WireScalarKind?
  let isVector: Bool
  /// What the scalar is when a file leaves it out.
  let defaultValue: WireValue
}

struct WireEnumDescription: Sendable {
  let name: String
  let names: [Int64: String]
  let values: [String: Int64]
}

/// The schema as data: the generated descriptors of CFlatBuffers, read once.
///
/// Decoding, encoding, JSON and equality walk one dynamic tree (``WireTable``) by these descriptors, and the typed
/// names (`Wire.Convolution2D` …) are thin views of that tree. The other way, a struct with stored properties, a
/// reader, a writer and a JSON form for each of 123 tables, is several times the code and the compile time, and has
/// no room for "present and equal to its default", which files written by MNN are full of.
struct WireSchema: Sendable {
  struct Table: Sendable {
    let name: String
    let fields: [WireField]
    let slots: [String: Int]
  }

  let tables: [Table]
  let enums: [WireEnumDescription]
  let enumsByName: [String: WireEnumDescription]
  private let unionTables: [WireTableKind?]

  static let shared = WireSchema()

  /// The enum that names the members of `OpParameter`.
  var unionNames: WireEnumDescription { enums[enums.count - 1] }

  /// The table of a member of `OpParameter`; `nil` for none and for members of a later schema.
  func unionTable(_ id: Int64) -> WireTableKind? {
    id >= 0 && id < unionTables.count ? unionTables[Int(id)] : nil
  }

  private init() {
    let schema = mnn_wire_schema().pointee
    tables = UnsafeBufferPointer(start: schema.tables, count: Int(schema.tableCount)).map { table in
      let fields = UnsafeBufferPointer(start: table.fields, count: Int(table.fieldCount)).map(WireField.init)
      let slots = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.name, $0) })
      return Table(name: String(cString: table.name), fields: fields, slots: slots)
    }
    enums = UnsafeBufferPointer(start: schema.enums, count: Int(schema.enumCount)).map { description in
      let values = UnsafeBufferPointer(start: description.values, count: Int(description.valueCount)).map {
        (String(cString: $0.name), Int64($0.value))
      }
      return WireEnumDescription(
        name: String(cString: description.name),
        names: Dictionary(values.map { ($1, $0) }, uniquingKeysWith: { first, _ in first }),
        values: Dictionary(uniqueKeysWithValues: values))
    }
    enumsByName = Dictionary(uniqueKeysWithValues: enums.map { ($0.name, $0) })
    unionTables = UnsafeBufferPointer(start: schema.unionTables, count: Int(schema.unionTableCount)).map {
      $0 < 0 ? nil : WireTableKind(index: Int($0))
    }
  }
}

extension WireField {
  fileprivate init(_ field: MNNWireField) {
    name = String(cString: field.name)
    isVector = field.isVector
    scalar = WireScalarKind(rawValue: field.type.rawValue)
    content =
      switch field.kind {
      case MNNWireKind_enum: .enumeration(Int(field.reference))
      case MNNWireKind_string: .string
      case MNNWireKind_table: .table(WireTableKind(index: Int(field.reference)))
      case MNNWireKind_union_type: .unionType
      case MNNWireKind_union: .union
      default: .scalar
      }
    defaultValue =
      if isVector || scalar == nil {
        .absent
      } else if scalar == .float {
        .float(Float(field.defaultValue))
      } else {
        .integer(Int64(field.defaultValue))
      }
  }
}
