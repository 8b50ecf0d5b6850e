package io.thezone.bootstrap.guide;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** Reads values of a pom.xml. */
final class Pom {
    private final Document document;

    Pom(Path file) throws Exception {
        document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    /** @param path an XPath expression */
    List<String> texts(String path) throws Exception {
        NodeList nodes =
                (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }
}
