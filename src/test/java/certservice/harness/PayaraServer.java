package certservice.harness;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Payara Server, set up as {@code docs/payara.md} says. */
final class PayaraServer extends AsadminServer {

    static final String NAME = "payara";
    private static final String PRE_BOOT = "pre-boot.asadmin";
    private static final String JMS_OFF = "<jms-service type=\"DISABLED\" default-jms-host=\"default_JMS_host\">"
            + "<jms-host name=\"default_JMS_host\"></jms-host></jms-service>";

    PayaraServer(Path directory) {
        super(NAME, directory, " startup time : ");
    }

    /** But for the ports all is done by {@code pre-boot.asadmin}, and by what switches messaging off afterwards. */
    @Override
    String edited(String configuration, int httpPort, int adminPort, int jmxPort) {
        return configuration
                .replace("port=\"8080\"", "port=\"" + httpPort + "\"")
                .replace("port=\"4848\"", "port=\"" + adminPort + "\"")
                .replace("port=\"8686\"", "port=\"" + jmxPort + "\"")
                .replaceFirst("<admin-service ", JMS_OFF + "$0");
    }

    @Override
    List<String> startOptions() {
        return List.of("--prebootcommandfile", write(PRE_BOOT, configured(PRE_BOOT, Map.of())).toString());
    }

    @Override
    List<String> firstCommands() {
        return List.of();
    }
}
