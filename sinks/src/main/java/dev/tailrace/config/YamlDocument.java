package dev.tailrace.config;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The part of YAML that a configuration may be made of: one document, a mapping at the top, no anchors, aliases, tags or
 * repeated keys. Messages never quote the text, which may hold a password.
 */
final class YamlDocument {
    private static final String QUOTE = "put values with any of : # { } [ ] * & ! % @ ` in quotes";

    private final String file;
    private final ConfigurationProblems problems;

    YamlDocument(Path file, ConfigurationProblems problems) {
        this.file = file.toString();
        this.problems = problems;
    }

    /** The top mapping; null when there is none, after saying why. */
    @Nullable
    MappingNode root(String text) {
        try {
            if (!plainYaml(text)) {
                return null;
            }
            Iterator<Node> documents = yaml().composeAll(new StringReader(text)).iterator();
            if (!documents.hasNext()) {
                return refuse(0, "is empty", "begin with a copy of the installation's conf/tailrace.yaml");
            }
            Node first = documents.next();
            if (documents.hasNext()) {
                return refuse(
                        line(documents.next().getStartMark()), "holds a second document", "take out the --- line");
            }
            if (!(first instanceof MappingNode mapping)) {
                boolean nothing =
                        first instanceof ScalarNode scalar && scalar.getValue().isBlank();
                return nothing
                        ? refuse(0, "is empty", "begin with a copy of the installation's conf/tailrace.yaml")
                        : refuse(
                                line(first.getStartMark()),
                                "is not a mapping of keys to values",
                                "begin with lines like: name: shop");
            }
            checkKeys("", mapping);
            return mapping;
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            String problem = e.getProblem() == null ? "not YAML" : e.getProblem();
            boolean tab = problem.contains("TAB") || problem.contains("\\t");
            return refuse(
                    line(mark),
                    "is not valid YAML: " + problem + (mark == null ? "" : ", column " + (mark.getColumn() + 1)),
                    tab
                            ? "indent with spaces, never with tabs"
                            : "keys of one level begin in the same column; " + QUOTE);
        } catch (YAMLException e) {
            return refuse(0, "is not valid YAML: it holds characters that no text has, or nests too deep", "");
        }
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(2 << 20);
        options.setNestingDepthLimit(20);
        return new Yaml(options);
    }

    /** Refuses by the events what would otherwise be multiplied or constructed: alias bombs and foreign tags. */
    private boolean plainYaml(String text) {
        for (Event event : yaml().parse(new StringReader(text))) {
            int line = line(event.getStartMark());
            if (event instanceof AliasEvent) {
                refuse(line, "holds an alias (*), which is not supported", "write the value out; " + QUOTE);
                return false;
            }
            if (event instanceof NodeEvent node && node.getAnchor() != null) {
                refuse(line, "holds an anchor (&), which is not supported", "write the value out; " + QUOTE);
                return false;
            }
            if (event instanceof ScalarEvent scalar && scalar.getTag() != null && !"!".equals(scalar.getTag())) {
                refuse(line, "holds a tag (!), which is not supported", QUOTE);
                return false;
            }
        }
        return true;
    }

    private void checkKeys(String path, MappingNode mapping) {
        Map<String, Integer> lines = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int line = line(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(ConfigurationProblems.SYNTAX, path, line, "holds a key that is not a word", QUOTE);
                continue;
            }
            String keyPath = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            Integer before = lines.putIfAbsent(key.getValue(), line);
            if (before != null) {
                problems.add(
                        ConfigurationProblems.SYNTAX,
                        keyPath,
                        line,
                        "is written twice, first in line " + before,
                        "take one of them out");
            }
            checkValue(keyPath, tuple.getValueNode());
        }
    }

    private void checkValue(String path, Node value) {
        if (value instanceof MappingNode nested) {
            checkKeys(path, nested);
        } else if (value instanceof SequenceNode sequence) {
            for (int i = 0; i < sequence.getValue().size(); i++) {
                checkValue(path + "[" + i + "]", sequence.getValue().get(i));
            }
        }
    }

    private @Nullable MappingNode refuse(int line, String message, String remedy) {
        problems.add(ConfigurationProblems.SYNTAX, file, line, message, remedy);
        return null;
    }

    private static int line(@Nullable Mark mark) {
        return mark == null ? 0 : mark.getLine() + 1;
    }
}
