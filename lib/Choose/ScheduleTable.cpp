//===- ScheduleTable.cpp - Schedules that were measured -------------------===//

#include "glu/Transforms/ScheduleTable.h"

#include "mlir/AsmParser/AsmParser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace glu;
using llvm::createStringError;

std::string glu::getScheduleKey(const ScheduleContext &context,
                                const ProjectionDims &dims) {
  std::string key;
  llvm::raw_string_ostream os(key);
  os << (context.targetCPU == "host" ? llvm::sys::getHostCPUName()
                                     : context.targetCPU)
     << ", threads " << context.threads << ", ";
  // How weights lie decides what packing costs.
  if (context.isPacked) {
    os << "packed before";
  } else {
    OpOperand *weight = dims.contractions.front().weight;
    auto op = cast<IndexingMapOpInterface>(weight->getOwner());
    AffineMap map = op.getMatchingIndexingMap(weight);
    bool byColumns = map.getResults().back() ==
                     getAffineDimExpr(dims.column, op.getContext());
    os << (byColumns ? "in x out" : "out x in");
  }
  os << ", ";
  llvm::interleave(
      dims.contractions, os,
      [&](const Contraction &c) {
        os << getElementTypeOrSelf(c.input->get()) << "*"
           << getElementTypeOrSelf(c.weight->get());
      },
      " + ");
  os << " -> " << dims.contractions.front().accumulator;
  auto print = [&](StringRef what, ArrayRef<unsigned> positions) {
    if (positions.empty())
      return;
    os << ", " << what << " ";
    llvm::interleave(
        positions, os,
        [&](unsigned d) {
          if (ShapedType::isDynamic(dims.sizes[d]))
            os << "?";
          else
            os << dims.sizes[d];
        },
        "x");
  };
  print("batches", dims.outer);
  if (dims.row)
    print("rows", *dims.row);
  print("columns", dims.column);
  print("sum", dims.reductions);
  return key;
}

llvm::Expected<ScheduleTable> ScheduleTable::read(StringRef path,
                                                  MLIRContext *context) {
  auto fail = [&](const llvm::Twine &why) {
    return createStringError("cannot read '" + path + "': " + why);
  };
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return fail(buffer.getError().message());
  llvm::Expected<llvm::json::Value> json =
      llvm::json::parse((*buffer)->getBuffer());
  if (!json)
    return fail(llvm::toString(json.takeError()));
  const llvm::json::Object *object = json->getAsObject();
  if (!object)
    return fail("expected an object of schedules");
  ScheduleTable table;
  // What is wrong with the text is told once, in one sentence.
  ScopedDiagnosticHandler quiet(context, [](Diagnostic &) {});
  for (const auto &[key, value] : *object) {
    std::optional<StringRef> text = value.getAsString();
    ScheduleAttr schedule;
    if (text)
      schedule = dyn_cast_or_null<ScheduleAttr>(parseAttribute(*text, context));
    if (!schedule)
      return fail("expected a #glu.schedule for '" + StringRef(key) + "'");
    table.set(key, schedule);
  }
  return std::move(table);
}

llvm::Error ScheduleTable::write(StringRef path) const {
  llvm::json::Object object;
  for (const auto &entry : entries) {
    std::string text;
    llvm::raw_string_ostream(text) << Attribute(entry.second);
    object[entry.first()] = text;
  }
  std::error_code error;
  llvm::raw_fd_ostream os(path, error, llvm::sys::fs::OF_Text);
  if (!error) {
    os << llvm::formatv("{0:2}\n", llvm::json::Value(std::move(object)));
    os.close();
    error = os.error();
    os.clear_error();
  }
  if (error)
    return createStringError("cannot write '" + path + "': " + error.message());
  return llvm::Error::success();
}
