import CFlatBuffers

/// What the descriptors of TFLite's tables say, by name.
struct TFLiteSchema: Sendable {
  enum Content: Sendable {
    case scalar(MNNWireType)
    case string
    case table(Int)
    case union(Int)
    case other
  }

  struct Field: Sendable {
    var name: String
    var slot: Int
    var content: Content
    var isVector: Bool
    var defaultValue: Double
  }

  struct Table: Sendable {
    var name: String
    var fields: [Field]
    var byName: [String: Field]
  }

  static let shared = TFLiteSchema()

  let tables: [Table]
  let root: Int
  /// By union and member, the table; nil for what is not followed.
  let unions: [[Int?]]
  /// The names of operators by their codes.
  let operatorNames: [Int: String]

  private init() {
    let schema = mnn_tflite_schema().pointee
    var tables: [Table] = []
    for table in UnsafeBufferPointer(start: schema.tables, count: Int(schema.tableCount)) {
      var fields: [Field] = []
      for field in UnsafeBufferPointer(start: table.fields, count: Int(table.fieldCount)) {
        let content: Content
        switch field.kind {
        case MNNWireKind_scalar, MNNWireKind_enum: content = .scalar(field.type)
        case MNNWireKind_string: content = .string
        case MNNWireKind_table: content = .table(Int(field.reference))
        case MNNWireKind_union: content = .union(Int(field.reference))
        default: content = .other
        }
        fields.append(
          Field(
            name: String(cString: field.name), slot: fields.count, content: content, isVector: field.isVector,
            defaultValue: field.defaultValue))
      }
      tables.append(
        Table(
          name: String(cString: table.name), fields: fields,
          byName: Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })))
    }
    self.tables = tables
    root = tables.firstIndex { $0.name == "Model" } ?? 0
    unions = UnsafeBufferPointer(start: schema.unions, count: Int(schema.unionCount)).map { union in
      UnsafeBufferPointer(start: union.tables, count: Int(union.count)).map { $0 < 0 ? nil : Int($0) }
    }
    var names: [Int: String] = [:]
    for list in UnsafeBufferPointer(start: schema.enums, count: Int(schema.enumCount))
    where String(cString: list.name) == "BuiltinOperator" {
      for value in UnsafeBufferPointer(start: list.values, count: Int(list.valueCount)) {
        names[Int(value.value)] = String(cString: value.name)
      }
    }
    operatorNames = names
  }
}
