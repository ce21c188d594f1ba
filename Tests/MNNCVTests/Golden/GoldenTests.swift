import MNNCV
import MNNExpr
import MNNGraph
import Testing

/// Computes what a case describes.
typealias GoldenFunction = @Sendable (GoldenCase, [Variable]) throws -> [Variable]

@Suite("golden cases from OpenCV")
struct GoldenTests {
  static let functions: [String: GoldenFunction] = [
    goldenArrays, goldenCalibration, goldenCodecs, goldenColor, goldenFilters, goldenGeometry, goldenShapes,
  ].reduce(into: [:]) {
    $0.merge($1) { a, _ in a }
  }

  /// Bytes may be one off, and 99 % of a group's have to be equal; floats may be 1e-6 of the array's largest value off.
  static let floatTolerance = 1e-6
  /// Of shapes, whose pixels are drawn or not, the share of equal elements counts alone.
  static let shareAlone = 255.0

  @Test("equal those of the function", arguments: functions.keys.sorted())
  func golden(function: String) throws {
    let book = try #require(GoldenBook.shared)
    let compute = try #require(Self.functions[function])
    var groups: [String: (different: Int, count: Int)] = [:]
    let cases = book.cases.filter { $0.function == function }
    #expect(!cases.isEmpty)
    for golden in cases {
      let inputs = try golden.inputPlaces.map { try book.tensor($0) }
      let results: [Tensor]
      do { results = try compute(golden, inputs.map { Variable($0) }).map { try $0.tensor() } } catch {
        Issue.record("\(golden.group) \(golden.arguments) on \(inputs.map(\.type)): \(error)")
        continue
      }
      #expect(results.count == golden.outputPlaces.count, "\(golden.group)")
      for (result, place) in zip(results, golden.outputPlaces) {
        let expected = try book.tensor(place)
        guard result.shape == expected.shape else {
          Issue.record("\(golden.group) \(golden.arguments): expected \(expected.type), found \(result.type)")
          continue
        }
        let (a, b) = (try result.scalars(as: Double.self), try expected.scalars(as: Double.self))
        let difference = zip(a, b).map { abs($0 - $1) }.max() ?? 0
        if expected.dtype == .uint8 || golden.tolerance == Self.shareAlone {
          let different = zip(a, b).count { $0 != $1 }
          groups[golden.group, default: (0, 0)].different += different
          groups[golden.group, default: (0, 0)].count += a.count
          #expect(difference <= golden.tolerance ?? 1, "\(golden.group) \(golden.arguments) on \(inputs.map(\.type))")
        } else {
          let largest = b.map(abs).max() ?? 0
          let allowed = expected.dtype.isFloatingPoint ? (golden.tolerance ?? Self.floatTolerance) * max(largest, 1e-30) : 0
          #expect(difference <= allowed, "\(golden.group) \(golden.arguments) on \(inputs.map(\.type)), largest \(largest)")
        }
      }
    }
    for (name, group) in groups {
      let share = Double(group.different) / Double(max(1, group.count))
      let allowed = knownGaps[name]?.share ?? 0.01
      #expect(share <= allowed, "\(name): \(group.different) of \(group.count) differ")
      #expect(knownGaps[name] == nil || share > 0.01, "\(name) is as good as others and no gap any more")
    }
  }

  @Test("cover every function that the script knows")
  func coverage() throws {
    let book = try #require(GoldenBook.shared)
    #expect(Set(book.cases.map(\.function)) == Set(Self.functions.keys))
    #expect(book.cases.count > 3400)
  }
}
