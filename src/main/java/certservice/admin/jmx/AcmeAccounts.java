package certservice.admin.jmx;

import certservice.admin.AccountAdministration;
import certservice.admin.AccountDetails;
import java.util.List;

@Described("The accounts at the CA, one for production and one for staging.")
final class AcmeAccounts {

    private static final String ENVIRONMENT = "production or staging";

    private final AccountAdministration accounts;

    AcmeAccounts(AccountAdministration accounts) {
        this.accounts = accounts;
    }

    @Described("Both accounts, with what is used of the CA's limits.")
    public List<AccountDetails> list() {
        return accounts.list();
    }

    @Described("One account.")
    public AccountDetails get(@Parameter(name = "environment", is = ENVIRONMENT) String environment) {
        return accounts.get(Texts.optional(environment));
    }

    @Described(value = "Tells the CA another contact.", changes = true)
    public AccountDetails changeContact(@Parameter(name = "environment", is = ENVIRONMENT) String environment,
            @Parameter(name = "contact", is = "an e-mail address; empty: none") String contact) {
        return accounts.changeContact(Texts.optional(environment), Texts.optional(contact), Caller.now());
    }

    @Described(value = "Gives the account another key.", changes = true)
    public AccountDetails rollOverKey(@Parameter(name = "environment", is = ENVIRONMENT) String environment) {
        return accounts.rollOverKey(Texts.optional(environment), Caller.now());
    }
}
