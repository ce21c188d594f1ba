import Foundation
import MNNExpr
import MNNGraph
import Testing

/// Every public function answers or throws, whatever numbers it is given. Calls are made in processes of their own, which write
/// each call before they make it, so that the last line names the one that ended the process.
@Suite struct ExtremeCallTests {
  @Test(arguments: Call.groups.keys.sorted())
  func answersOrThrows(group: String) async throws {
    let calls = try #require(Call.groups[group])
    var first = 0
    while first < calls.count {
      let from: Int = first
      let result = try await #require(
        processExitsWith: .exitCode(Child.exitCode), observing: [\.standardErrorContent]
      ) { [group, from = from as Int] in Child.run(group, from: from) }
      let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
      if lines.contains("done") { break }
      let call = lines.last { $0.hasPrefix("call ") } ?? "?"
      Issue.record(
        "\(group) ends the process: \(call)\n\(lines.suffix(3).filter { !$0.hasPrefix("call ") }.joined(separator: "\n"))")
      // Goes on behind it.
      first = (Int(call.split(separator: " ").dropFirst().first ?? "") ?? calls.count) + 1
    }
  }
}

/// What happens in the process of a group.
enum Child {
  /// Of a process that made its calls, or whose signal was caught.
  static let exitCode: Int32 = 3

  static func run(_ group: String, from first: Int) {
    // What should not be allocated cannot be.
    var limit = rlimit(rlim_cur: 3 << 30, rlim_max: 3 << 30)
    #if os(Linux)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #endif
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGALRM] {
      signal(number) { number in
        let text: StaticString = number == SIGALRM ? "\ntakes more than 5 s\n" : "\nsignal\n"
        write(2, text.utf8Start, text.utf8CodeUnitCount)
        _exit(Child.exitCode)
      }
    }
    let calls = Call.groups[group] ?? []
    for index in first..<calls.count {
      let call = calls[index]
      var random = SplitMix(state: UInt64(index))
      for variant in 0..<18 { make(call, index, Arguments(variant: variant)) }
      for place in call.places {
        for extreme in 0..<10 {
          make(call, index, Arguments(variant: random.next(below: 18), extremes: [place: extreme + 10 * random.next(below: 6)]))
        }
      }
      for _ in 0..<(call.places.isEmpty ? 0 : 60) {
        var arguments = Arguments(variant: random.next(below: 18))
        for place in call.places where random.next(below: 2) == 0 { arguments.extremes[place] = random.next(below: 60) }
        make(call, index, arguments)
      }
    }
    FileHandle.standardError.write(Data("\ndone\n".utf8))
    exit(exitCode)
  }

  private static func make(_ call: Call, _ index: Int, _ arguments: Arguments) {
    FileHandle.standardError.write(Data("call \(index) \(call.name) \(arguments)\n".utf8))
    alarm(5)
    try? call.make(arguments)
    alarm(0)
  }
}

private struct SplitMix {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}
