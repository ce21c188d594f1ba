public import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A program that ends with exit code 1 and one line on standard error for every failure.
public protocol Program: ParsableArguments {
  static var programName: String { get }
  /// Options that may be given as `--name`, `--name=0`, `--name=false` or `--name false`, as MNN's users write them.
  static var switches: Set<String> { get }
  mutating func run() throws
}

extension Program {
  public static var switches: Set<String> { [] }

  /// Parses the command line, runs, and exits.
  public static func main() {
    do {
      var program = try Self.parse(expandSwitches(Array(CommandLine.arguments.dropFirst())))
      try program.run()
    } catch {
      if exitCode(for: error) == .success {
        print(fullMessage(for: error))
        endProcess(0)
      }
      fail("\(error is ValidationError || isParserError(error) ? message(for: error) : "\(error)")")
    }
    endProcess(0)
  }

  private static func isParserError(_ error: any Error) -> Bool {
    String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
  }

  /// Prints one line on standard error and exits with code 1.
  public static func fail(_ message: String) -> Never {
    writeError("\(programName): \(message.split(separator: "\n").joined(separator: " "))")
    endProcess(1)
  }

  /// `--name=0` and `--name false` become nothing, `--name=1` and `--name true` become `--name`.
  static func expandSwitches(_ arguments: [String]) -> [String] {
    var result: [String] = []
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      guard let name = parts.first, switches.contains(name) else {
        result.append(argument)
        continue
      }
      var value = parts.count > 1 ? parts[1] : nil
      if value == nil, index < arguments.count, ["true", "false", "0", "1"].contains(arguments[index]) {
        value = arguments[index]
        index += 1
      }
      switch value?.lowercased() {
      case nil, "1", "true": result.append(name)
      case "0", "false": continue
      default: result.append(argument)  // the parser will say that the switch takes no such value
      }
    }
    return result
  }
}

/// A failure in words, for what the libraries' errors do not cover.
public struct ProgramError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// `exit`, which the parser's own static method of that name hides inside a program.
private func endProcess(_ code: Int32) -> Never { exit(code) }
