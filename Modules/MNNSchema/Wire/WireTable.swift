/// What a slot of a table holds.
package enum WireValue: Hashable, Sendable {
  case absent
  /// Every scalar but floats: booleans, integers, enums, union ids.
  case integer(Int64)
  case float(bits: UInt32)
  case string(String)
  case scalars(WireBlock)
  case strings([String])
  case table(WireTable)
  case tables([WireTable])

  static func float(_ value: Float) -> WireValue { .float(bits: value.bitPattern) }

  var isAbsent: Bool { if case .absent = self { true } else { false } }
}

/// A table of the format: its kind and what its slots hold.
///
/// A field that is absent and one that is present and equal to its default are different values, as they are in a file.
package struct WireTable: Hashable, Sendable {
  package let kind: WireTableKind
  /// Without trailing absent slots, so that equal tables have equal arrays.
  private(set) var slots: [WireValue]

  /// A table without fields.
  package init(_ kind: WireTableKind) {
    self.kind = kind
    slots = []
  }

  init(_ kind: WireTableKind, slots: [WireValue]) {
    self.kind = kind
    self.slots = slots
    trim()
  }

  subscript(slot: Int) -> WireValue {
    get { slot < slots.count ? slots[slot] : .absent }
    set {
      if slot >= slots.count {
        slots += repeatElement(.absent, count: slot + 1 - slots.count)
      }
      slots[slot] = newValue
      trim()
    }
  }

  private mutating func trim() {
    while let last = slots.last, last.isAbsent { slots.removeLast() }
  }
}

/// A typed view of one kind of table; the generated `Wire.…` types conform.
package protocol WireTableView: Hashable, Sendable {
  static var kind: WireTableKind { get }
  /// The member of `OpParameter` that is this table, if one is.
  static var parameter: Wire.OpParameter? { get }
  var table: WireTable { get set }
  /// A view of `table`, which must be of this kind.
  init(_ table: WireTable)
}

extension WireTableView {
  package static var parameter: Wire.OpParameter? { nil }

  /// A table whose scalars are present with their defaults, as MNN writes them; all else is absent.
  package init() {
    self.init(WireTable(Self.kind, slots: Self.kind.fields.map { $0.content == .unionType ? .absent : $0.defaultValue }))
  }

  // One labelled subscript per kind of field keeps the generated properties trivial to type-check.

  subscript<T: FixedWidthInteger>(integer slot: Int, defaultValue: T) -> T {
    get { if case .integer(let value) = table[slot] { T(truncatingIfNeeded: value) } else { defaultValue } }
    set { table[slot] = .integer(Int64(truncatingIfNeeded: newValue)) }
  }

  subscript(bool slot: Int, defaultValue: Bool) -> Bool {
    get { if case .integer(let value) = table[slot] { value != 0 } else { defaultValue } }
    set { table[slot] = .integer(newValue ? 1 : 0) }
  }

  subscript(float slot: Int, defaultValue: Float) -> Float {
    get { if case .float(let bits) = table[slot] { Float(bitPattern: bits) } else { defaultValue } }
    set { table[slot] = .float(newValue) }
  }

  subscript<T: WireEnum>(enum slot: Int, defaultValue: T) -> T {
    get { T(rawValue: self[integer: slot, defaultValue.rawValue]) }
    set { self[integer: slot, defaultValue.rawValue] = newValue.rawValue }
  }

  subscript(string slot: Int) -> String? {
    get { if case .string(let value) = table[slot] { value } else { nil } }
    set { table[slot] = newValue.map(WireValue.string) ?? .absent }
  }

  subscript(strings slot: Int) -> [String]? {
    get { if case .strings(let value) = table[slot] { value } else { nil } }
    set { table[slot] = newValue.map(WireValue.strings) ?? .absent }
  }

  subscript<T>(vector slot: Int) -> WireVector<T>? {
    get { if case .scalars(let block) = table[slot] { WireVector(block: block) } else { nil } }
    set { table[slot] = newValue.map { .scalars($0.block) } ?? .absent }
  }

  subscript<T: WireTableView>(table slot: Int) -> T? {
    get { if case .table(let child) = table[slot] { T(child) } else { nil } }
    set { table[slot] = newValue.map { .table($0.table) } ?? .absent }
  }

  subscript<T: WireTableView>(tables slot: Int) -> [T]? {
    get { if case .tables(let children) = table[slot] { children.map(T.init) } else { nil } }
    set { table[slot] = newValue.map { .tables($0.map(\.table)) } ?? .absent }
  }
}

extension Wire.Op {
  private static let mainSlot = 2

  /// The parameter table, if it is a `T`.
  package func main<T: WireTableView>(as type: T.Type) -> T? {
    if case .table(let child) = table[Self.mainSlot], child.kind == T.kind { T(child) } else { nil }
  }

  /// Whether there is a parameter table, of whatever kind.
  package var hasMain: Bool { !table[Self.mainSlot].isAbsent }

  /// Sets the parameter table and the id that says which it is; `nil` removes both.
  /// A table that is not a member of the union is not stored.
  package mutating func setMain<T: WireTableView>(_ parameter: T?) {
    if let parameter, let id = T.parameter {
      main_type = id
      table[Self.mainSlot] = .table(parameter.table)
    } else {
      table[1] = .absent
      table[Self.mainSlot] = .absent
    }
  }
}
