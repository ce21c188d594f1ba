#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A number with a fixed number of decimals, filled up with spaces at the left.
///
/// Not Foundation's format, which would load 6 MB of libraries into every program.
public func fixed(_ value: Double, _ decimals: Int, width: Int = 0) -> String {
  // The longest double has 309 digits before its point.
  var buffer = [CChar](repeating: 0, count: 512)
  let count = withVaList([Int32(clamping: decimals), value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
  let text = String(decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return String(repeating: " ", count: max(0, width - text.count)) + text
}

/// Text with spaces after it, `width` characters in all or more.
public func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

extension String {
  /// The text on one line: what could end the line, move the cursor or turn the direction of writing is shown as its code. Names
  /// of a damaged file may hold anything.
  public var asOneLine: String {
    var line = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
        line += scalar == "\n" ? " " : "\\u{\(String(scalar.value, radix: 16))}"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}

/// Writes a line on standard error.
public func writeError(_ line: String) {
  let bytes = Array((line.asOneLine + "\n").utf8)
  var done = 0
  while done < bytes.count {
    let count = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress.map { $0 + done }, bytes.count - done) }
    guard count > 0 else { return }
    done += count
  }
}
