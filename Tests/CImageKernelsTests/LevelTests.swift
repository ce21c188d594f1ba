import CImageKernels
import CImageKernelsChecks
import Testing

@Suite("levels of the processor")
struct LevelTests {
  static let levels = (0..<8).compactMap { ik_kernels_at($0).map { String(cString: $0.pointee.level) } }

  @Test("compute the same bits as the plainest", arguments: levels)
  func bits(level: String) throws {
    let place = try #require(Self.levels.firstIndex(of: level))
    let kernels = try #require(ik_kernels_at(place))
    for seed in UInt64(1)...2 {
      var message = [CChar](repeating: 0, count: 128)
      let failed = ik_check_level(kernels, seed, &message, message.count)
      #expect(
        failed == 0, "seed \(seed): \(message.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" })")
    }
  }

  @Test("are chosen by name")
  func choice() throws {
    func best(_ limit: String?) -> String { String(cString: ik_kernels_best(limit).pointee.level) }
    #expect(best(nil) == Self.levels.last)
    for level in Self.levels { #expect(best(level) == level) }
    #expect(best("scalar") == "scalar" && best("avx") == "scalar" && best("") == "scalar")
    if Self.levels.last == "avx512" { #expect(best("avx512bf16") == "avx512") }
    #expect(ik_kernels_at(Self.levels.count) == nil)
  }
}
