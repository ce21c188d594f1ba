import Foundation
import MNNGraph
import MNNRuntime
import ProgramSupport

/// Many cases in one process: a line of JSON on standard output for each, whatever happens to it.
struct Batch {
  struct Case: Decodable {
    var id: String
    var model: String
    var inputs: [String: String]
    var outputDir: String
  }

  struct Answer: Encodable {
    var id: String
    var ok: Bool
    var error: String?
  }

  let cases: [Case]

  init(contentsOf path: String) throws {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw ProgramError("--batch \(path): the file cannot be read")
    }
    do { cases = try JSONDecoder().decode([Case].self, from: data) } catch {
      throw ProgramError("--batch \(path): expected a list of {\"id\", \"model\", \"inputs\", \"outputDir\"}")
    }
  }

  func run(options: RuntimeOptions) throws {
    let runtime = try options.runtime()
    let encoder = JSONEncoder()
    for item in cases {
      var answer = Answer(id: item.id, ok: true)
      do {
        let module = try Module(contentsOf: item.model, runtime: runtime, shapeMutable: options.shapeMutable)
        var feeds: [String: Tensor] = [:]
        for (name, file) in item.inputs { feeds[ModelInputs.name(of: name, in: module)] = try Tensor(contentsOfNPY: file) }
        let results = try module.forward(feeds)
        let names = module.outputs.map(\.name)
        try OutputFolder(item.outputDir).write(names.compactMap { results[$0] }, names: names)
      } catch {
        answer = Answer(id: item.id, ok: false, error: "\(error)")
      }
      print(String(decoding: try encoder.encode(answer), as: UTF8.self))
      fflush(nil)
    }
  }
}
