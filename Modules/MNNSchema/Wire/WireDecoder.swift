internal import CFlatBuffers

/// Limits of a file, those of libflatbuffers' verifier as MNN uses it.
enum WireLimits {
  static let depth = 64
  static let tables = 1_000_000
  /// Offsets are 31 bits wide.
  static let byteCount = Int(Int32.max) - 1
}

extension WireTableView {
  /// Reads a table from the FlatBuffer that is all of `storage`, after verifying it.
  ///
  /// Scalar vectors are ranges of `storage`, which they keep alive; their pages are not touched. What a later version of
  /// the schema added is left out; `unknown` is told the name of each table that had such fields.
  ///
  /// - Throws: ``FormatError`` if the bytes are not a well-formed FlatBuffer of this schema. What its values *mean* is
  ///   not judged here: see `Wire.Net.validate`.
  package init(decoding storage: WireStorage, unknown: (String) -> Void = { _ in }) throws(FormatError) {
    let decoder = WireDecoder(storage: storage)
    try decoder.verify(Self.kind)
    var budget = decoder.stringBudget
    var foreign: Set<WireTableKind> = []
    let root = Int(UInt32.load(storage.bytes, at: 0))
    self.init(try decoder.table(at: root, Self.kind, &budget, &foreign))
    for name in foreign.map(\.name).sorted() { unknown(name) }
  }
}

/// Reads verified bytes.
private struct WireDecoder {
  let storage: WireStorage
  var bytes: UnsafeRawBufferPointer { storage.bytes }

  /// Offsets may point many times at one long string, so that a small file would unfold into any amount of memory.
  /// Strings that are written once take less than an eighth of this.
  var stringBudget: Int { 8 * bytes.count + 65_536 }

  func verify(_ root: WireTableKind) throws(FormatError) {
    guard bytes.count <= WireLimits.byteCount else {
      throw FormatError(
        .tooLarge, "the file cannot be a FlatBuffer", expected: "less than 2 GB", found: "\(bytes.count) bytes")
    }
    let verdict = mnn_wire_verify(
      bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, Int32(root.index), UInt32(WireLimits.depth),
      UInt32(WireLimits.tables))
    guard !verdict.valid else { return }
    guard verdict.table >= 0 else {
      throw FormatError(
        .notAModel, "not a .mnn model", found: FileSignature.describe(bytes),
        advice: FileSignature.advice(bytes))
    }
    let table = WireTableKind(index: Int(verdict.table))
    let field = verdict.slot < 0 ? "" : ".\(table.fields[Int(verdict.slot)].name)"
    let other = FileSignature.name(bytes)
    throw FormatError(
      other == nil ? .structureInvalid : .notAModel,
      other.map { "not a .mnn model: it looks like \($0)" } ?? "the model is damaged or cut short",
      advice: other == nil ? "fetch or convert the model again" : FileSignature.advice(bytes),
      location: "\(table.name)\(field), byte \(verdict.position) of \(bytes.count)")
  }

  func table(
    at position: Int, _ kind: WireTableKind, _ budget: inout Int, _ foreign: inout Set<WireTableKind>
  ) throws(FormatError) -> WireTable {
    let vtable = position - Int(Int32.load(bytes, at: position))
    let stored = max(0, Int(UInt16.load(bytes, at: vtable)) / 2 - 2)
    func offset(_ slot: Int) -> Int { Int(UInt16.load(bytes, at: vtable + 4 + 2 * slot)) }

    let fields = kind.fields
    if stored > fields.count, (fields.count..<stored).contains(where: { offset($0) != 0 }) { foreign.insert(kind) }
    var used = min(stored, fields.count)
    while used > 0, offset(used - 1) == 0 { used -= 1 }

    var slots: [WireValue] = []
    slots.reserveCapacity(used)
    for slot in 0..<used {
      let offset = offset(slot)
      guard offset != 0 else {
        slots.append(.absent)
        continue
      }
      let at = position + offset
      let field = fields[slot]
      if field.isVector {
        slots.append(try vector(at: follow(at), field, &budget, &foreign))
        continue
      }
      switch field.content {
      case .scalar, .enumeration, .unionType:
        slots.append(scalar(at: at, field.scalar ?? .int))
      case .string:
        slots.append(.string(try string(at: follow(at), &budget)))
      case .table(let kind):
        slots.append(.table(try table(at: follow(at), kind, &budget, &foreign)))
      case .union:
        if case .integer(let id) = slots[slot - 1], let kind = WireSchema.shared.unionTable(id) {
          slots.append(.table(try table(at: follow(at), kind, &budget, &foreign)))
        } else {
          foreign.insert(kind)
          slots.append(.absent)
        }
      }
    }
    return WireTable(kind, slots: slots)
  }

  private func follow(_ position: Int) -> Int { position + Int(UInt32.load(bytes, at: position)) }

  private func scalar(at position: Int, _ kind: WireScalarKind) -> WireValue {
    switch kind {
    case .bool: .integer(bytes[position] == 0 ? 0 : 1)
    case .byte: .integer(Int64(Int8.load(bytes, at: position)))
    case .ubyte: .integer(Int64(bytes[position]))
    case .ushort: .integer(Int64(UInt16.load(bytes, at: position)))
    case .int: .integer(Int64(Int32.load(bytes, at: position)))
    case .uint: .integer(Int64(UInt32.load(bytes, at: position)))
    case .long: .integer(Int64.load(bytes, at: position))
    case .float: .float(bits: UInt32.load(bytes, at: position))
    }
  }

  private func string(at position: Int, _ budget: inout Int) throws(FormatError) -> String {
    let count = Int(UInt32.load(bytes, at: position))
    budget -= count + 16
    guard budget >= 0 else {
      throw FormatError(
        .tooLarge, "the strings of the model unfold to more than \(stringBudget) bytes",
        advice: "the file is damaged or hostile", location: "byte \(position)")
    }
    let raw = UnsafeRawBufferPointer(rebasing: bytes[position + 4..<position + 4 + count])
    guard let text = String(validating: raw, as: UTF8.self) else {
      throw FormatError(
        .stringInvalid, "a name is not UTF-8", advice: "fetch or convert the model again", location: "byte \(position)")
    }
    return text
  }

  private func vector(
    at position: Int, _ field: WireField, _ budget: inout Int, _ foreign: inout Set<WireTableKind>
  ) throws(FormatError) -> WireValue {
    let count = Int(UInt32.load(bytes, at: position))
    if let kind = field.scalar {
      return .scalars(WireBlock(kind: kind, count: count, storage: storage, offset: position + 4))
    }
    if case .table(let kind) = field.content {
      var children: [WireTable] = []
      children.reserveCapacity(count)
      for index in 0..<count {
        children.append(try table(at: follow(position + 4 + 4 * index), kind, &budget, &foreign))
      }
      return .tables(children)
    }
    var strings: [String] = []
    strings.reserveCapacity(count)
    for index in 0..<count { strings.append(try string(at: follow(position + 4 + 4 * index), &budget)) }
    return .strings(strings)
  }
}
