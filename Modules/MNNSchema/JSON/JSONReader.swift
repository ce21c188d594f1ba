extension WireTableView {
  /// Reads the JSON form that ``writeJSON(to:)`` and MNN write.
  ///
  /// Strict: keys and names that the format does not have, and values of another type, are errors that say where
  /// (line, column, path). Enums may be names or numbers; keys may come in any order.
  ///
  /// - Throws: ``FormatError`` with a code from `MNN-F020` to `MNN-F024`, or `stringInvalid` or `tooDeep`.
  package init(json: UnsafeRawBufferPointer) throws(FormatError) {
    var reader = JSONReader(scanner: JSONScanner(json))
    self.init(try reader.root(Self.kind))
  }
}

private struct JSONReader {
  var scanner: JSONScanner
  private var depth = 0

  init(scanner: JSONScanner) { self.scanner = scanner }

  mutating func root(_ kind: WireTableKind) throws(FormatError) -> WireTable {
    let result: WireTable
    do throws(FormatError) {
      result = try table(kind)
    } catch {
      throw error.under(nil)
    }
    _ = scanner.peek()
    guard scanner.isAtEnd else { throw scanner.syntax("the end of the text") }
    return result
  }

  private mutating func table(_ kind: WireTableKind) throws(FormatError) -> WireTable {
    guard scanner.take("{") else { throw scanner.typeMismatch("an object (\(kind.name))") }
    depth += 1
    defer { depth -= 1 }
    guard depth <= WireLimits.depth else {
      throw scanner.error(.tooDeep, "objects are nested too deep", expected: "at most \(WireLimits.depth)")
    }
    let description = WireSchema.shared.tables[kind.index]
    var result = WireTable(kind)
    // A union may come before the id that says what it is.
    var pendingUnion: (slot: Int, position: Int)?
    var next = 0
    guard !scanner.take("}") else { return result }
    repeat {
      _ = scanner.peek()
      let keyPosition = scanner.position
      let key = try scanner.string()
      // Keys mostly come in slot order.
      while next < description.fields.count, description.fields[next].name != key { next += 1 }
      let slot: Int
      if next < description.fields.count {
        slot = next
        next += 1
      } else if let known = description.slots[key] {
        slot = known
      } else {
        throw unknown(key, description.fields.map(\.name), "\(kind.name) has no field", .jsonKeyUnknown, keyPosition)
      }
      guard result[slot].isAbsent, pendingUnion?.slot != slot else {
        throw scanner.error(.jsonSyntax, "the key \"\(key)\" comes twice", at: keyPosition)
      }
      try scanner.expect(":", "after the key")
      do throws(FormatError) {
        if description.fields[slot].content == .union {
          if let kind = try unionKind(before: slot, in: result) {
            result[slot] = .table(try table(kind))
          } else {
            _ = scanner.peek()
            pendingUnion = (slot, scanner.position)
            try scanner.skipValue()
          }
        } else {
          result[slot] = try value(description.fields[slot])
        }
      } catch {
        throw error.under(key)
      }
    } while try scanner.continues(until: "}")

    if let (slot, position) = pendingUnion {
      let end = scanner.position
      scanner.rewind(to: position)
      guard let kind = try unionKind(before: slot, in: result) else {
        throw scanner.error(
          .jsonKeyUnknown, "it is not said which table \"\(description.fields[slot].name)\" is",
          expected: "\"\(description.fields[slot - 1].name)\"")
      }
      do throws(FormatError) {
        result[slot] = .table(try table(kind))
      } catch {
        throw error.under(description.fields[slot].name)
      }
      scanner.rewind(to: end)
    }
    return result
  }

  /// The kind of the union in `slot`, if its id was read.
  private func unionKind(before slot: Int, in table: WireTable) throws(FormatError) -> WireTableKind? {
    guard case .integer(let id) = table[slot - 1] else { return nil }
    guard let kind = WireSchema.shared.unionTable(id) else {
      throw scanner.error(.jsonTypeMismatch, "there is no table for the union id \(id)", expected: "no value")
    }
    return kind
  }

  private mutating func value(_ field: WireField) throws(FormatError) -> WireValue {
    if field.isVector { return try vector(field) }
    switch field.content {
    case .string: return .string(try scanner.string())
    case .table(let kind): return .table(try table(kind))
    case .enumeration, .unionType: return .integer(try name(field))
    case .scalar, .union:
      switch field.scalar {
      case .float: return .float(try scanner.float())
      case .bool: return .integer(try scanner.bool() ? 1 : 0)
      case let kind: return .integer(try scanner.integer(in: kind?.range ?? 0...0))
      }
    }
  }

  /// An enum value: its name, or a number.
  private mutating func name(_ field: WireField) throws(FormatError) -> Int64 {
    let range = field.scalar?.range ?? 0...0
    guard scanner.peek() == UInt8(ascii: "\"") else { return try scanner.integer(in: range) }
    let position = scanner.position
    let name = try scanner.string()
    let names: WireEnumDescription
    if case .enumeration(let index) = field.content {
      names = WireSchema.shared.enums[index]
    } else {
      names = WireSchema.shared.unionNames
    }
    guard let value = names.values[name] else {
      throw unknown(name, names.values.keys.sorted(), "\(names.name) has no value", .jsonNameUnknown, position)
    }
    return value
  }

  private mutating func vector(_ field: WireField) throws(FormatError) -> WireValue {
    switch field.content {
    case .string:
      return .strings(try list { (reader) throws(FormatError) in try reader.scanner.string() })
    case .table(let kind):
      return .tables(try list { (reader) throws(FormatError) in try reader.table(kind) })
    default:
      break
    }
    switch field.scalar {
    case .float: return try scalars { (reader) throws(FormatError) in try reader.scanner.float() }
    case .bool: return try scalars { (reader) throws(FormatError) in try reader.scanner.bool() }
    case .byte: return try integers(Int8.self)
    case .ubyte: return try integers(UInt8.self)
    case .ushort: return try integers(UInt16.self)
    case .uint: return try integers(UInt32.self)
    case .long: return try integers(Int64.self)
    case .int, nil:
      guard case .enumeration = field.content else { return try integers(Int32.self) }
      return try scalars { (reader) throws(FormatError) in Int32(truncatingIfNeeded: try reader.name(field)) }
    }
  }

  private mutating func integers<T: WireScalar & FixedWidthInteger>(_ type: T.Type) throws(FormatError) -> WireValue {
    let range = Int64(T.min)...Int64(T.max)
    return try scalars { (reader) throws(FormatError) in
      T(truncatingIfNeeded: try reader.scanner.integer(in: range))
    }
  }

  private mutating func scalars<T: WireScalar>(
    _ element: (inout JSONReader) throws(FormatError) -> T
  ) throws(FormatError) -> WireValue {
    .scalars(WireVector<T>(try list(element)).block)
  }

  private mutating func list<T>(
    _ element: (inout JSONReader) throws(FormatError) -> T
  ) throws(FormatError) -> [T] {
    guard scanner.take("[") else { throw scanner.typeMismatch("a list") }
    guard !scanner.take("]") else { return [] }
    var elements: [T] = []
    repeat {
      do throws(FormatError) {
        elements.append(try element(&self))
      } catch {
        throw error.under("[\(elements.count)]")
      }
    } while try scanner.continues(until: "]")
    return elements
  }

  private func unknown(
    _ name: String, _ known: [String], _ what: String, _ code: FormatError.Code, _ position: Int
  ) -> FormatError {
    let best = known.map { ($0, EditDistance.between($0, name)) }.min { $0.1 < $1.1 }
    let length = name.utf8.count
    let near = best.flatMap { $0.1 <= max(2, length / 3) && $0.1 < length ? $0.0 : nil }
    return scanner.error(
      code, "\(what) \"\(name)\"", expected: near == nil && known.count < 12 ? known.joined(separator: ", ") : nil,
      advice: near.map { "did you mean \"\($0)\"?" }, at: position)
  }
}

extension FormatError {
  /// The error, seen from one level further out; `nil` at the root, where the path ends.
  fileprivate func under(_ component: String?) -> FormatError {
    var copy = self
    guard let component else { return copy }
    let (place, path) = copy.splitLocation
    copy.location = place + ", " + component + (path.isEmpty || path.hasPrefix("[") ? path : "." + path)
    return copy
  }

  /// "line 3, column 7" and the path that may follow it.
  private var splitLocation: (place: String, path: String) {
    let parts = (location ?? "").split(separator: ",", maxSplits: 2).map(String.init)
    guard parts.count == 3 else { return (location ?? "", "") }
    return (parts[0] + "," + parts[1], String(parts[2].dropFirst()))
  }
}

/// How many letters differ between two names, capitals aside.
private enum EditDistance {
  static func between(_ a: String, _ b: String) -> Int {
    let a = Array(a.lowercased().utf8.prefix(64))
    let b = Array(b.lowercased().utf8.prefix(64))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        (diagonal, row[j + 1]) = (row[j + 1], min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1))
      }
    }
    return row[b.count]
  }
}
